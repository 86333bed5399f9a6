import { generate } from 'selfsigned';

/** A key and its self-signed certificate, which is also the authority that a client has to trust, in PEM. */
export interface Certificate {
  readonly keyPem: string;
  readonly caPem: string;
}

/** Makes a certificate for this machine and the given host names, valid for one day. */
export async function createCertificate(hosts: readonly string[] = []): Promise<Certificate> {
  const notAfterDate = new Date(Date.now() + 86_400_000);
  const { private: keyPem, cert: caPem } = await generate([{ name: 'commonName', value: 'localhost' }], {
    algorithm: 'sha256',
    keyType: 'ec',
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 7, ip: '127.0.0.1' },
          ...['localhost', ...hosts].map((value) => ({ type: 2 as const, value })),
        ],
      },
    ],
  });
  return { keyPem, caPem };
}
