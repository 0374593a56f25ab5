package dev.eventshop.query.userprofile;

import java.util.Optional;
import org.springframework.data.repository.Repository;

interface UserProfileRows extends Repository<UserProfileRow, Integer> {

    Optional<UserProfileRow> findById(int userId);

    boolean existsByUserId(int userId);
}
