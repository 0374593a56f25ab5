package dev.eventshop.query.userprofile;

/** One user. */
record FindUserProfile(int userId) {}
