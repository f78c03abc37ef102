/** The AsyncAPI page, generated from the catalogue. */
@NullMarked
package io.deltapress.schemas.asyncapi;

import org.jspecify.annotations.NullMarked;
