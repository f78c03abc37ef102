/** Runs tasks off the compress lane: opens checkpoints, computes, and answers durably. */
@NullMarked
package io.deltapress.app.worker;

import org.jspecify.annotations.NullMarked;
