-- Price classes of images, audio and searches.

SELECT 1;
