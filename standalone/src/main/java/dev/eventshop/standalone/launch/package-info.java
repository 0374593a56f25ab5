/** Starts the three services with their servers in this process, and stops them. */
@NullMarked
package dev.eventshop.standalone.launch;

import org.jspecify.annotations.NullMarked;
