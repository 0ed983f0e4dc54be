"""`model_list`, and the files of models that it becomes."""
