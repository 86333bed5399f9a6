import type { SfCommand } from '@salesforce/sf-plugins-core';

/** Without a terminal nobody needs a line more often. */
const lineIntervalMs = 10_000;
const barWidth = 24;

/** Something that takes its time, told on stderr: on a terminal in one line that moves, else in few plain lines. */
export interface Progress {
  /** `stage` is what is being done; `detail` how far it is. */
  update(stage: string, detail?: string): void;
  end(text: string): void;
}

/** Quiet with `--json`. */
export function createProgress(
  command: Pick<SfCommand<unknown>, 'spinner' | 'logToStderr'>,
  title: string,
  { isTerminal = process.stderr.isTTY, now = () => performance.now() } = {},
): Progress {
  if (isTerminal) {
    command.spinner.start(title);
    return {
      update(stage, detail = '') {
        command.spinner.status = `${detail} ${stage}`.trim();
      },
      end: (text) => command.spinner.stop(text),
    };
  }
  let lastStage = '';
  let lastAt = -Infinity;
  return {
    update(stage, detail = '') {
      if (stage === lastStage && now() - lastAt < lineIntervalMs) return;
      lastStage = stage;
      lastAt = now();
      command.logToStderr(`${title}: ${[stage, detail].filter((part) => part !== '').join(', ')}`);
    },
    end: (text) => command.logToStderr(`${title}: ${text}`),
  };
}

/** `███████░░░ 600/1,081` on a terminal, `600 of 1,081` elsewhere. */
export function formatShare(done: number, total: number, isTerminal = process.stderr.isTTY): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  if (!isTerminal) return `${count(done)} of ${count(total)}`;
  const filled = total === 0 ? barWidth : Math.round((Math.min(done, total) / total) * barWidth);
  return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${count(done)}/${count(total)}`;
}
