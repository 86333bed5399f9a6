import type { ErrorRequestHandler } from 'express';
import { errorAnswer } from './errorAnswer.ts';
import { sendAnswer } from './sendAnswer.ts';

/** Answers with what a handler or body parser threw. */
export const sendError: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  sendAnswer(response, errorAnswer(error));
};
