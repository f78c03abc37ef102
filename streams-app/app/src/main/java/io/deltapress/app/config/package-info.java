/**
 * What a person may set: every key declared once, parsed once into immutable records, and rendered
 * into its own reference page.
 */
@NullMarked
package io.deltapress.app.config;

import org.jspecify.annotations.NullMarked;
