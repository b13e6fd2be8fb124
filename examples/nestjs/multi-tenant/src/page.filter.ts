import {
  Catch,
  HttpException,
  NotFoundException,
  UnauthorizedException,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common'
import type { Request, Response } from 'express'
import { problemPage } from './pages/problem.ts'

/** Shows the app's errors as pages. ZohoRecruitModule handles its own errors in its own filter. */
@Catch()
export class PageFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const [request, response] = host.getArgs<[Request, Response]>()
    const wantsPage = request.accepts(['html', 'json']) === 'html'
    if (error instanceof UnauthorizedException && wantsPage && request.method === 'GET') {
      response.redirect(303, `/sign-in?${new URLSearchParams({ returnTo: request.originalUrl })}`)
      return
    }
    if (!(error instanceof HttpException)) console.error(error)
    const [status, message] =
      error instanceof HttpException
        ? [
            error.getStatus(),
            error instanceof NotFoundException ? 'There is no such page.' : error.message,
          ]
        : [500, 'Something went wrong.']
    response.status(status)
    if (wantsPage) response.send(problemPage(message))
    else response.json({ status, message })
  }
}
