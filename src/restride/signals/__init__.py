"""What a measurement is: recordings, their schema, units, words, filters and clocks."""
