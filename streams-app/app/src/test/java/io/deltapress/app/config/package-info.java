/** Keys, defaults and every way to be wrong. */
@NullMarked
package io.deltapress.app.config;

import org.jspecify.annotations.NullMarked;
