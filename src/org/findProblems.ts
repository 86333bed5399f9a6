import type { ResultComparison } from './compareResults.ts';
import type { DeployOutcome } from './deployMetadata.ts';
import type { DeployProblem } from './deployProblem.ts';
import { componentKey, type PackageComponent } from './packageComponent.ts';
import { problemAction } from './problemActions.ts';

/** Everything that is wrong with a deploy that has ended, with the file and what to do. */
export function findProblems(
  components: readonly PackageComponent[],
  outcome: Pick<DeployOutcome, 'isSuccess' | 'message' | 'tests' | 'status'>,
  { failed, unanswered, unexpected }: ResultComparison,
): DeployProblem[] {
  const files = new Map(components.map((component) => [componentKey(component), component.file]));
  const fileOf = (component: { type: string; fullName: string }): string =>
    files.get(componentKey(component)) ?? '';
  const problems: DeployProblem[] = [
    ...failed.map(({ type, fullName, problem, line, column }) => ({
      type,
      fullName,
      problem: problem ?? 'The org gives no reason.',
      action: problemAction(problem ?? ''),
      file: fileOf({ type, fullName }),
      line,
      column,
    })),
    ...outcome.tests.failures.map(({ className, method, message, stack }) => ({
      type: 'ApexClass',
      fullName: `${className}.${method}`,
      problem: message,
      action:
        'A test of ours failed here: a Flow, trigger or rule of this org changes what it wrote. Look at the stack.',
      file: fileOf({ type: 'ApexClass', fullName: className }),
      ...placeIn(stack),
    })),
    // Too little coverage fails a deploy only in production, and only where nothing else did; else it is a remark.
    ...(outcome.isSuccess || failed.length + outcome.tests.failures.length > 0
      ? []
      : outcome.tests.coverage
    ).map((problem) => ({
      type: 'ApexClass',
      fullName: 'code coverage',
      problem,
      action: problemAction(problem),
      file: '',
      line: null,
      column: null,
    })),
  ];
  // While components fail nothing is put into the org, and the rest of the rows say nothing.
  if (failed.length === 0 && outcome.isSuccess) {
    problems.push(
      ...unanswered.map(({ type, fullName }) =>
        plain(type, fullName, 'It was sent, and the org reports nothing of it.', fileOf({ type, fullName })),
      ),
      ...unexpected.map(({ type, fullName }) =>
        plain(type, fullName, 'The org reports it, and it was not sent.', ''),
      ),
    );
  }
  if (problems.length === 0 && !outcome.isSuccess) {
    const problem = outcome.message ?? `The deploy ended as ${outcome.status}, without a reason.`;
    problems.push({ ...plain('', 'the deploy', problem, ''), action: problemAction(problem) });
  }
  return problems;
}

const plain = (type: string, fullName: string, problem: string, file: string): DeployProblem => ({
  type,
  fullName,
  problem,
  action: 'Look at Setup > Deployment Status, then deploy again.',
  file,
  line: null,
  column: null,
});

/** Line and column of the first line of an Apex stack trace. */
function placeIn(stack: string): { line: number | null; column: number | null } {
  const place = /line (\d+), column (\d+)/.exec(stack);
  return { line: place ? Number(place[1]) : null, column: place ? Number(place[2]) : null };
}
