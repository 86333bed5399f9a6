import { AuthInfo, Connection } from '@salesforce/core';

// A log file would be written in the home directory, by a thread that outlives the tests.
process.env['SF_DISABLE_LOG_FILE'] = 'true';

/** The connection that the plugin uses, to an org by its access token. */
export async function connectTo(org: {
  readonly url: string;
  readonly accessToken: string;
}): Promise<Connection> {
  const { accessToken, url } = org;
  const authInfo = await AuthInfo.create({
    username: accessToken,
    accessTokenOptions: { accessToken, instanceUrl: url, loginUrl: url },
  });
  const connection = await Connection.create({ authInfo, connectionOptions: { version: '66.0' } });
  return connection;
}
