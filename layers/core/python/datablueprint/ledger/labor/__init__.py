"""Labor, by idea: the register, the time behind it, burden applied by rate, the journal beside it, and the checks."""
