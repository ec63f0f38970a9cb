"""The screen: a Textual app over ``Assistant``; importing this package alone loads no Textual."""
