/** Personal data at rest: how a service is given its keys, and what has to be there before it answers. */
@NullMarked
package dev.eventshop.personaldata;

import org.jspecify.annotations.NullMarked;
