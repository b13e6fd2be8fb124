import type { DataCenterId } from '../data-centers.ts'

/** Names and cities for the candidates of a data center: fourteen first and fourteen last names. */
interface People {
  readonly firstNames: readonly string[]
  readonly lastNames: readonly string[]
  readonly cities: readonly string[]
  readonly mobilePrefix: string
}

const split = (text: string) => text.split(' ')

const english = {
  firstNames: split(
    'Amelia Noah Grace Ethan Zoe Lucas Hannah Marcus Priya Daniel Sofia Caleb Ruth Jonah',
  ),
  lastNames: split(
    'Carter Whitfield Nguyen Delgado Brennan Okafor Lindqvist Reyes Shah Kowalski Marino ' +
      'Foster Abrams Sinclair',
  ),
}
const continental = {
  firstNames: split(
    'Clara Jonas Élodie Matteo Freya Anton Inès Piotr Saskia Luca Marta Emil Noor Tomáš',
  ),
  lastNames: split(
    'Weiß Lindholm Moreau Ricci Nilsen Hartmann Dubois Nowak Jansen Ferrari Soler Kovač ' +
      'Bakker Dvořák',
  ),
}
const indian = {
  firstNames: split(
    'Ananya Rohan Kavya Vikram Meera Aditya Nisha Karthik Pooja Sanjay Divya Rahul Ishita Farhan',
  ),
  lastNames: split(
    'Iyer Kulkarni Reddy Singh Nair Banerjee Gupta Subramanian Desai Rao Menon Chatterjee ' +
      'Kapoor Qureshi',
  ),
}
const japanese = {
  firstNames: split('Yui Ren Aoi Sota Hina Daiki Mio Kaito Sakura Takumi Rin Yuto Emi Kenji'),
  lastNames: split(
    'Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada ' +
      'Sasaki Inoue Mori',
  ),
}
const chinese = {
  firstNames: split('Jing Hao Xiaoyu Lei Min Jun Yan Tao Fang Bo Ting Peng Xue Ming'),
  lastNames: split('Wang Li Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Lin'),
}
const arabic = {
  firstNames: split(
    'Layla Yousef Huda Khalid Reem Faisal Salma Tariq Maha Sami Dana Ziad Rania Hassan',
  ),
  lastNames: split(
    'Al-Qahtani Mansour Al-Shehri Darwish Al-Otaibi Nasser Al-Mutairi Saleh Al-Dosari Khoury ' +
      'Al-Zahrani Farouk Aziz Rahman',
  ),
}

const people: Readonly<Record<DataCenterId, People>> = {
  us: {
    ...english,
    cities: ['Portland', 'Boston', 'Austin', 'Chicago'],
    mobilePrefix: '+1 503 555 01',
  },
  eu: {
    ...continental,
    cities: ['Köln', 'Lyon', 'Utrecht', 'Malmö'],
    mobilePrefix: '+49 151 5550 01',
  },
  in: {
    ...indian,
    cities: ['Bengaluru', 'Pune', 'Chennai', 'Hyderabad'],
    mobilePrefix: '+91 90000 001',
  },
  au: { ...english, cities: ['Sydney', 'Brisbane', 'Hobart'], mobilePrefix: '+61 491 570 1' },
  jp: { ...japanese, cities: ['Sendai', 'Tokyo', 'Fukuoka'], mobilePrefix: '+81 90 0000 01' },
  cn: { ...chinese, cities: ['Hangzhou', 'Chengdu', 'Suzhou'], mobilePrefix: '+86 130 0000 01' },
  ca: { ...english, cities: ['Toronto', 'Halifax', 'Calgary'], mobilePrefix: '+1 416 555 01' },
  sa: { ...arabic, cities: ['Riyadh', 'Jeddah', 'Dammam'], mobilePrefix: '+966 50 000 01' },
  uk: { ...english, cities: ['Leeds', 'Bristol', 'Cardiff'], mobilePrefix: '+44 7700 9001' },
  ae: { ...arabic, cities: ['Dubai', 'Sharjah', 'Abu Dhabi'], mobilePrefix: '+971 50 000 01' },
  sg: { ...chinese, cities: ['Singapore'], mobilePrefix: '+65 8000 01' },
}

export function getPeople(dataCenter: DataCenterId): People {
  return people[dataCenter]
}
