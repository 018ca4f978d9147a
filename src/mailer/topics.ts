/** The email topic and its two fellows. */
export interface MailTopics {
  readonly main: string;
  /** What failed for now, with the time of its next try. */
  readonly retry: string;
  /** What no mailer sends, with the reason. */
  readonly dead: string;
}

export function mailTopics(main: string): MailTopics {
  return { main, retry: `${main}.retry`, dead: `${main}.dead` };
}

/** One group a topic: members of a group that read different topics would be given each other's. */
export function mailerGroup({ main }: MailTopics): string {
  return `fluentmeet-mailer.${main}`;
}
