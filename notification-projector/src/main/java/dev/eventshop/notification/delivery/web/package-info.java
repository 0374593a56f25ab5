/** The ledger over HTTP. */
@NullMarked
package dev.eventshop.notification.delivery.web;

import org.jspecify.annotations.NullMarked;
