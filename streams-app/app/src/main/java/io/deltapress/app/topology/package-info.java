/**
 * The shape of the stream and the role that runs it.
 *
 * <p>{@link io.deltapress.app.topology.DeltapressTopology} is the table of contents: intake and
 * bases open what comes from outside, the registrar has bases checked, the planner turns
 * submissions into tasks and answers into versions. Each part is a sub-topology of its own, and
 * internal topics between them put every record under the key that orders it.
 */
@NullMarked
package io.deltapress.app.topology;

import org.jspecify.annotations.NullMarked;
