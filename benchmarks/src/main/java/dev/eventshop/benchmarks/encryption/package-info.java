/** What the encryption of personal data costs. */
@NullMarked
package dev.eventshop.benchmarks.encryption;

import org.jspecify.annotations.NullMarked;
