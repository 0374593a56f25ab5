package dev.eventshop.benchmarks.stock;

import org.springframework.data.jpa.repository.JpaRepository;

interface ProductViews extends JpaRepository<ProductView, Integer> {}
