-- Search texts are folded, and have a reading for each Chinese character. The program computes them again at its start.

UPDATE shops SET search = NULL;
