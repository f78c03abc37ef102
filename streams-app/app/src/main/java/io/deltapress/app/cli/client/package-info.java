/**
 * What a person's commands do with the pipeline's topics: write a request, read what is there, wait
 * for what comes of it. Topics are read directly and no group is joined, so looking changes
 * nothing.
 */
@NullMarked
package io.deltapress.app.cli.client;

import org.jspecify.annotations.NullMarked;
