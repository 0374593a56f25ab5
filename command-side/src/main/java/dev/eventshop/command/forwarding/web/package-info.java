/** What operators see of the forwarder. */
@NullMarked
package dev.eventshop.command.forwarding.web;

import org.jspecify.annotations.NullMarked;
