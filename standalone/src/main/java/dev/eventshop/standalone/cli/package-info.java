/** The command line: what can be asked for, and how it is asked. */
@NullMarked
package dev.eventshop.standalone.cli;

import org.jspecify.annotations.NullMarked;
