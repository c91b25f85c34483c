"""The site as a whole: what it is made from, the build, the check, releases and the way back."""
