"""Reading a question that is typed wrong or in pinyin; pure, without pages and database."""
