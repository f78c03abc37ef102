package io.deltapress.app.devstack;

/** An error of the registry in the terms of Confluent's API. */
final class RegistryException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int errorCode;

  private RegistryException(int errorCode, String message) {
    super(message);
    this.errorCode = errorCode;
  }

  /** The code of Confluent's API; its first three digits are the HTTP status. */
  int errorCode() {
    return errorCode;
  }

  int status() {
    return errorCode < 1000 ? errorCode : errorCode / 100;
  }

  static RegistryException noSubject(String subject) {
    return new RegistryException(40401, "Subject '" + subject + "' not found.");
  }

  static RegistryException noVersion(String version) {
    return new RegistryException(40402, "Version " + version + " not found.");
  }

  static RegistryException noSchema() {
    return new RegistryException(40403, "Schema not found");
  }

  static RegistryException noSubjectCompatibility(String subject) {
    return new RegistryException(
        40408, "Subject '" + subject + "' does not have subject-level compatibility configured");
  }

  static RegistryException noResource(String path) {
    return new RegistryException(404, "HTTP 404 Not Found: " + path);
  }

  static RegistryException incompatible(String subject, String why) {
    return new RegistryException(
        409,
        "Schema being registered is incompatible with an earlier schema for subject \"%s\": %s"
            .formatted(subject, why));
  }

  static RegistryException tooLarge(int limitBytes) {
    return new RegistryException(413, "The request is larger than " + limitBytes + " bytes.");
  }

  static RegistryException unprocessable(String why) {
    return new RegistryException(422, why);
  }

  static RegistryException invalidSchema(String why) {
    return new RegistryException(42201, "Input schema is an invalid Avro schema: " + why);
  }

  static RegistryException invalidCompatibility() {
    return new RegistryException(42203, "Invalid compatibility level.");
  }

  static RegistryException storage(String why) {
    return new RegistryException(50001, "Error in the backend data store: " + why);
  }
}
