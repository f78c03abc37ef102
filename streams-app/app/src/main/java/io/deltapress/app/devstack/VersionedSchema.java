package io.deltapress.app.devstack;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;

/**
 * A schema under a subject.
 *
 * @param subject the subject
 * @param version its version there, counted from 1
 * @param id its id in the whole registry
 * @param schema the schema
 */
record VersionedSchema(String subject, int version, int id, AvroSchema schema) {}
