/** The catalogue of topics: what exists, under which name, with which key, value and retention. */
@NullMarked
package io.deltapress.schemas.topic;

import org.jspecify.annotations.NullMarked;
