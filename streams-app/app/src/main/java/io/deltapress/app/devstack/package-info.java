/**
 * A broker and a schema registry inside this process: for the demo, for tests, for a first look.
 */
@NullMarked
package io.deltapress.app.devstack;

import org.jspecify.annotations.NullMarked;
