/** What is wrong, and how to put it right. */
export interface Words {
  message: string;
  advice: string;
}

/**
 * Why there was no connection to the database by TLS, and what to do about it. Undefined for what has nothing to do with TLS.
 *
 * @param code OpenSSL's, Node's or PostgreSQL's, where there is one
 */
export function tlsInWords(code = '', message: string): Words | undefined {
  if (untrusted.test(code)) {
    return {
      message: `the certificate of the database is signed by nobody that this machine trusts (${code})`,
      advice:
        'Let DATABASE_URL end in ?sslmode=verify-full&sslrootcert=/path/to/ca.pem, a file with the CA of the database: whoever runs it has that, and of a self-signed certificate it is the certificate itself.',
    };
  }
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        message: `the certificate of the database is for another host: ${message}`,
        advice:
          'Name the host in DATABASE_URL as the certificate does, or give the server a certificate with this name among its subjectAltNames.',
      };
    case 'CERT_HAS_EXPIRED':
      return {
        message: 'the certificate of the database has expired (CERT_HAS_EXPIRED)',
        advice: 'Renew it on the server, or its CA; and see whether the clock of this machine is right.',
      };
    case 'CERT_NOT_YET_VALID':
      return {
        message: 'the certificate of the database is not valid yet (CERT_NOT_YET_VALID)',
        advice: 'See whether the clocks of this machine and of whoever made the certificate are right.',
      };
    case '28000':
      return refusedByServer(message);
    default:
      return /does not support SSL/.test(message) ? noTls : ofHandshake(code, message);
  }
}

const untrusted =
  /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE|INVALID_CA)$/;

const noTls: Words = {
  message: 'the server does not support SSL, which sslmode asks for',
  advice:
    'Switch TLS on at the server (ssl = on), or, where nobody can be in between, leave sslmode out of DATABASE_URL.',
};

const clientCertificate =
  'Name a client certificate in DATABASE_URL: &sslcert=/path/to/cert.pem&sslkey=/path/to/key.pem.';

/** By its pg_hba.conf: for both it has the one SQLSTATE of every refusal. */
function refusedByServer(message: string): Words | undefined {
  if (/client certificate/i.test(message)) {
    return { message: 'the database asks for a client certificate (28000)', advice: clientCertificate };
  }
  if (!/pg_hba\.conf.*(?:no encryption|SSL off)/i.test(message)) return undefined;
  return {
    message: 'the database refuses this user without TLS: its pg_hba.conf asks for TLS (28000)',
    advice:
      'Let DATABASE_URL end in ?sslmode=verify-full; if the user is refused all the same, fix pg_hba.conf.',
  };
}

function ofHandshake(code: string, message: string): Words | undefined {
  // What Node reads of PEM files is read before anything is sent.
  if (/^ERR_OSSL_|PEM/.test(code) || /PEM routines|DECODER routines/.test(message)) {
    return {
      message: `a certificate or a key in DATABASE_URL cannot be used (${code || 'no PEM'})`,
      advice:
        'sslrootcert, sslcert and sslkey name PEM files; the key belongs to the certificate, and has no passphrase.',
    };
  }
  if (!/^ERR_(?:SSL|TLS)_/.test(code) && !(code === 'EPROTO' && /ssl|tls/i.test(message))) return undefined;
  return {
    message: `the database ended the handshake of TLS (${code})`,
    advice: `See which versions of TLS it speaks (ssl_min_protocol_version), and whether it asks for a client certificate. ${clientCertificate}`,
  };
}
