/** Tells others what this follower does: by records of its status, and listeners in-process. */
@NullMarked
package io.deltapress.follower.report;

import org.jspecify.annotations.NullMarked;
