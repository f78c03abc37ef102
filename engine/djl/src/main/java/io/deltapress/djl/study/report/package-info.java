/** What a study has to say: tables, the paper's claims checked against the figures, JSON. */
@NullMarked
package io.deltapress.djl.study.report;

import org.jspecify.annotations.NullMarked;
