/** What the command line shows to a person, and the codes that it ends with. */
@NullMarked
package dev.eventshop.standalone.console;

import org.jspecify.annotations.NullMarked;
