import unittest

from media import of_kind


class OfKind(unittest.TestCase):
    def test_knows_films(self):
        self.assertEqual(of_kind("film"), ["Metropolis"])
