"""Evaluation: questions with the typed query each should become, asked of any engine, and a score without mercy.

In: question sets as JSON Lines (`questions/`, or what people marked as wrong)
and an engine behind the loop. Out: per question what became of it, and the
totals. A wrong figure costs ten right ones; asking back is not an answer.
"""
