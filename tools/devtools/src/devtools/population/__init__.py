"""Made-up people with lifelike careers, for trying things at any size.

Nobody in here exists: numbers begin with 99, which no office gives out, and names are put together by chance. Each
person depends on the seed and on its own place alone, so a population can be made in any order, in parts, and again.
"""
