/** Runs tasks off the lanes: opens checkpoints, computes, and answers durably. */
@NullMarked
package io.deltapress.app.worker;

import org.jspecify.annotations.NullMarked;
