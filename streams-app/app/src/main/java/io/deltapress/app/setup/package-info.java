/** What a broker and a registry need before the pipeline can run on them. */
@NullMarked
package io.deltapress.app.setup;

import org.jspecify.annotations.NullMarked;
