package io.deltapress.schemas.serde;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;

/** What an error of the registry says. */
enum RegistryAnswer {
  /** It does not have the subject, version or schema. */
  NOT_FOUND,
  /** It does not take the schema. */
  REFUSED,
  /** It says nothing about schemas: overload, an error of its own, wrong credentials or address. */
  TROUBLE;

  // Error codes of Confluent's API: subject, version and schema not found. A plain 404 without one
  // of them comes from
  // a wrong address or a proxy and must not condemn a record.
  private static final int FIRST_NOT_FOUND = 40401;
  private static final int LAST_NOT_FOUND = 40403;
  private static final int CONFLICT = 409;
  private static final int UNPROCESSABLE = 422;

  static RegistryAnswer of(RestClientException error) {
    int code = error.getErrorCode();
    if (code >= FIRST_NOT_FOUND && code <= LAST_NOT_FOUND) {
      return NOT_FOUND;
    }
    int status = error.getStatus();
    return status == CONFLICT || status == UNPROCESSABLE ? REFUSED : TROUBLE;
  }
}
