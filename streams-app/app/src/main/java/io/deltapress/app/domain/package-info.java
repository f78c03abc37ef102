/**
 * Every decision of the application, and nothing that carries one out: no Kafka Streams, no DJL, no
 * clock, no random number.
 *
 * <p>{@link io.deltapress.app.domain.SubmissionValidator} turns what arrived into a {@link
 * io.deltapress.app.domain.DeltaRequest} or a reason. {@link io.deltapress.app.domain.DeltaPlanner}
 * is the state machine of one model: from its state and one fact to the next state and the records
 * to write. {@link io.deltapress.app.domain.PlanningDesk} puts the models of one partition under
 * one roof: it knows the {@link io.deltapress.app.domain.PlanningLedger} and shares the windows
 * fairly. {@link io.deltapress.app.domain.BaseRegistrar} decides which bases may be used.
 *
 * <p>A submission ends exactly once: as a version, a rejection or a dead letter.
 */
@NullMarked
package io.deltapress.app.domain;

import org.jspecify.annotations.NullMarked;
