/**
 * Benchmarks of the format. Build and run them with
 *
 * <pre>
 * mvn -q test-compile dependency:build-classpath -Pjmh -Dquick -pl engine/format \
 *     -Dmdep.outputFile=target/jmh.classpath
 * java -cp engine/format/target/classes:engine/format/target/test-classes:$(cat engine/format/target/jmh.classpath) \
 *     org.openjdk.jmh.Main RandomDrop
 * </pre>
 *
 * <p>One operation is a million parameters, so scores read as million parameters per second.
 */
@NullMarked
package io.deltapress.format.jmh;

import org.jspecify.annotations.NullMarked;
