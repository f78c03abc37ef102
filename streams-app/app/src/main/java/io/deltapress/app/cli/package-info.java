/**
 * The command line: one class per verb, which declares options and says what came of them; the work
 * itself is done by the engine, the roles and the clients.
 *
 * <p>Start-up is paid by every command, so the fields and signatures of a command class name only
 * light types: Kafka, Avro and DJL are first touched inside the method that needs them.
 */
@NullMarked
package io.deltapress.app.cli;

import org.jspecify.annotations.NullMarked;
