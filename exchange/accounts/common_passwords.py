"""The commonest passwords of at least eight characters in published lists, in lower case."""

_WORDS = """
12345678 123456789 1234567890 12345678910 0123456789 123123123 123321123 11111111 111111111
1111111111 00000000 88888888 66666666 99999999 987654321 9876543210 87654321 11223344
12344321 12341234 112233445566 13145200 5201314520 52013145 1314520520 147258369 789456123
31415926 password password1 password123 passw0rd p@ssw0rd p@ssword iloveyou woaini520
woaini1314 woaini123 woaiwojia qwertyui qwertyuiop qwerty123 1qaz2wsx 1q2w3e4r 1q2w3e4r5t
q1w2e3r4 qazwsxedc zxcvbnm123 asdfghjkl asdf1234 abcd1234 abc12345 abc123456 a1234567
a12345678 a123456789 aa123456 aa12345678 qq123456 q1234567 123456aa 123456abc 12345678a
123456789a 123qweasd admin123 administrator welcome1 sunshine princess football baseball
superman trustno1 letmein1 dearbook wangyut2 xiaoxiao zhang123 1234qwer qwer1234 123qwe123
"""
COMMON_PASSWORDS = frozenset(_WORDS.split())
