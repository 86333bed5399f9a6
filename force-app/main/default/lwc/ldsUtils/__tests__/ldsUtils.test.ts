import { problemOf, reduceErrors } from 'c/ldsUtils';

describe('reduceErrors', () => {
  const cases: [string, unknown, string[]][] = [
    ['an exception of Apex', { body: { message: 'No.' } }, ['No.']],
    ['a list of errors', [{ body: { message: 'No.' } }, { body: { message: 'Never.' } }], ['No.', 'Never.']],
    ['a list in the body', { body: [{ message: 'No.' }, { message: 'Never.' }] }, ['No.', 'Never.']],
    [
      'errors of the page and of fields, in place of the summary',
      {
        body: {
          message: 'Several.',
          pageErrors: [{ message: 'Page.' }],
          fieldErrors: { Name: [{ message: 'Name.' }] },
        },
      },
      ['Page.', 'Name.'],
    ],
    [
      'the output of Lightning Data Service',
      {
        body: {
          message: 'Several.',
          output: { errors: [{ message: 'No.' }], fieldErrors: { Name: [{ message: 'Name.' }] } },
        },
      },
      ['No.', 'Name.'],
    ],
    ['an exception of JavaScript', new Error('No.'), ['No.']],
    ['the status of an answer', { statusText: 'Server Error' }, ['Server Error']],
    ['a text', 'No.', ['No.']],
    ['the same twice', ['No.', { body: { message: 'No.' } }], ['No.']],
    ['nothing', undefined, []],
    ['null in a list', [null, 5, ''], []],
  ];
  it.each(cases)('reads %s', (_name, error, messages) => expect(reduceErrors(error)).toEqual(messages));
});

describe('problemOf', () => {
  const problem = { code: 'SYNC_PAUSED', message: 'Paused.', action: 'Wait.' };

  it('reads what the controller threw', () => {
    expect(problemOf({ body: { message: JSON.stringify(problem) } })).toEqual(problem);
  });

  it('passes on what is a problem already', () => expect(problemOf(problem)).toEqual(problem));

  it('takes any other text as it is', () => {
    for (const message of ['Read timed out', '{broken', '{"code":5}', '{}'])
      expect(problemOf({ body: { message } })).toEqual({ code: 'UNKNOWN', message, action: null });
  });

  it('says so when there is no reason', () => {
    expect(problemOf({})).toEqual({
      code: 'UNKNOWN',
      message: 'It did not work, and no reason was given.',
      action: null,
    });
  });
});
