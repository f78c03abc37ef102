/** Pictures of a study, as PNG files. */
@NullMarked
package io.deltapress.djl.study.plot;

import org.jspecify.annotations.NullMarked;
