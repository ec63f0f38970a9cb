"""What a readout says about its own event, read by rule: when, who, where, what kind; ``index.facts.reading`` reads it all."""
