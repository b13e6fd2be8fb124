import { Module } from '@nestjs/common';
import { ZohoRecruitModule } from '@zrecruit/oauth-nestjs';
import { sqliteStore } from '@zrecruit/oauth-nestjs/sqlite';
import type { Request } from 'express';
import { CandidatesController } from './candidates.controller';
import { CandidatesService } from './candidates.service';
import { Settings } from './settings';

@Module({ providers: [Settings], exports: [Settings] })
export class SettingsModule {}

@Module({
  imports: [
    ZohoRecruitModule.forRootAsync({
      imports: [SettingsModule],
      inject: [Settings],
      useFactory: ({ database, ...settings }: Settings) => ({
        ...settings,
        scopes: ['ZohoRecruit.modules.READ'],
        store: sqliteStore(database),
        connectionFor: (request: Request) => {
          const principal = request.header('x-user');
          return principal === undefined ? undefined : { id: 'acme', principal };
        },
      }),
    }),
  ],
  controllers: [CandidatesController],
  providers: [CandidatesService],
})
export class AppModule {}
