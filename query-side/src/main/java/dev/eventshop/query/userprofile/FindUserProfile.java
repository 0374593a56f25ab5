package dev.eventshop.query.userprofile;

import dev.eventshop.access.AllowedTo;
import dev.eventshop.access.Role;
import dev.eventshop.query.http.Viewer;

/** One user. */
@AllowedTo({Role.CUSTOMER, Role.STAFF})
record FindUserProfile(int userId, Viewer viewer) {}
