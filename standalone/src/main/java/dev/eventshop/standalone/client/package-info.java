/** The shop's public HTTP interface, seen from outside. */
@NullMarked
package dev.eventshop.standalone.client;

import org.jspecify.annotations.NullMarked;
